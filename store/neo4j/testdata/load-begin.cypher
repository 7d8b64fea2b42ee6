MATCH (s:MandategraphSwitch {id: 'graph'})
SET s.last = coalesce(s.last, 0) + 1
CREATE (:MandategraphLoad {gen: s.last, hash: $hash, form: $form, state: 'writing', beat: timestamp()})
RETURN s.last
