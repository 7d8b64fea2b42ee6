MATCH (s:MandategraphSwitch {id: 'graph'})
OPTIONAL MATCH (l:MandategraphLoad {gen: s.current})
RETURN s.current, l.hash, properties(l)
