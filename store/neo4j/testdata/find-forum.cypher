// $p0 = ["7|body:cstd"]
// $p1 = ["Āreport","Āreview"]
// $p2 = "7|"
// $p3 = "7}"
// $p4 = 21
RETURN 0 AS total, COLLECT {
  MATCH (n)-[:HAS_FORUM]->(m0:Mandategraph)
  USING INDEX SEEK m0:Mandategraph(key)
  WHERE m0.key IN $p0
  WITH DISTINCT n WHERE n.sort_deadline_due > $p2 AND n.sort_deadline_due < $p3 AND n.f_kind IN $p1
  WITH n ORDER BY n.sort_deadline_due LIMIT $p4
  RETURN [n.id, n.json]
} AS items
