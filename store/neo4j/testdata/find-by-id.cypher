// $p0 = ["Āfact"]
// $p1 = ["7|body:cstd"]
// $p2 = "7|"
// $p3 = "7}"
// $p4 = 21
RETURN 0 AS total, COLLECT {
  MATCH (n:Mandategraph)
  WHERE n.sort_body_name > $p2 AND n.sort_body_name < $p3 AND n.key IN $p1 AND n.f_standing IN $p0
  WITH DISTINCT n ORDER BY n.sort_body_name LIMIT $p4
  RETURN [n.id, n.json]
} AS items
