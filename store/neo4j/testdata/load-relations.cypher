MATCH (l:MandategraphLoad {gen: $gen, state: 'writing'})
SET l.beat = timestamp()
WITH l
UNWIND $rows AS row
MATCH (a:Mandategraph {key: row.from}) MATCH (b:Mandategraph {key: row.to})
CREATE (a)-[r:HOLDS]->(b) SET r = row.facts
RETURN count(*)
