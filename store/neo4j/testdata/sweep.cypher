MATCH (s:MandategraphSwitch {id: 'graph'})
SET s.at = timestamp()
WITH s MATCH (l:MandategraphLoad)
WHERE l.state = 'dead' OR l.state = 'old' AND l.beat < timestamp() - $grace OR l.state = 'writing' AND l.beat < timestamp() - $stale
SET l.state = 'dead'
RETURN l.gen
