MATCH (l:MandategraphLoad {gen: $gen, state: 'dead'})
MATCH (n:Mandategraph) WHERE n.key STARTS WITH $p
WITH n LIMIT $batch
DETACH DELETE n
RETURN count(*)
