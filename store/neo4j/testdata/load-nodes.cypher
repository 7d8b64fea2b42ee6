MATCH (l:MandategraphLoad {gen: $gen, state: 'writing'})
SET l.beat = timestamp()
WITH l
UNWIND $rows AS row
CREATE (n:Mandategraph:Deadline) SET n = row
RETURN count(*)
