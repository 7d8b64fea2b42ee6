// $p0 = ["Āreport","Āreview"]
// $p1 = ["7|body:cstd"]
// $p2 = "7|"
// $p3 = "7}"
// $p4 = 21
RETURN 0 AS total, COLLECT {
  MATCH (n)-[:HAS_FORUM]->(m0:Mandategraph)
  USING INDEX m0:Mandategraph(key)
  WHERE n.sort_deadline_due > $p2 AND n.sort_deadline_due < $p3 AND m0.key IN $p1 AND n.f_kind IN $p0
  WITH DISTINCT n ORDER BY n.sort_deadline_due LIMIT $p4
  RETURN [n.id, n.json]
} AS items
