MATCH (s:MandategraphSwitch {id: 'graph'})
SET s.at = timestamp()
WITH s MATCH (l:MandategraphLoad {gen: $gen, state: 'writing'})
OPTIONAL MATCH (old:MandategraphLoad {state: 'live'})
SET l += $counts, l.state = 'live', l.loaded = datetime(), old.state = 'old', old.beat = timestamp(), s.current = $gen
RETURN count(*)
