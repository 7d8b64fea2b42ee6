MATCH (l:MandategraphLoad {gen: $gen}) WHERE l.state <> 'live'
SET l.state = 'dead'
