// $p0 = ["7|body:cstd"]
// $p1 = ["Āfact"]
// $p2 = "7|"
// $p3 = "7}"
// $p4 = 21
RETURN 0 AS total, COLLECT {
  MATCH (n:Mandategraph)
  USING INDEX SEEK n:Mandategraph(key)
  WHERE n.key IN $p0
  WITH DISTINCT n WHERE n.sort_body_name > $p2 AND n.sort_body_name < $p3 AND n.f_standing IN $p1
  WITH n ORDER BY n.sort_body_name LIMIT $p4
  RETURN [n.id, n.json]
} AS items
