// $p0 = ["body:cstd"]
// $p1 = ["Āreport","Āreview"]
// $p2 = "7|"
// $p3 = "7}"
// $p4 = 21
RETURN 0 AS total, COLLECT {
  MATCH (n:Mandategraph)
  USING INDEX SEEK n:Mandategraph(sort_deadline_due, f_cancelledOn, f_due, f_due_latest, f_kind, f_metOn, f_succeededFrom, f_succeededTo, f_validFrom, f_validTo)
  WHERE n.sort_deadline_due > $p2 AND n.sort_deadline_due < $p3 AND n.f_cancelledOn IS NOT NULL AND n.f_due IS NOT NULL AND n.f_due_latest IS NOT NULL AND n.f_kind IS NOT NULL AND n.f_metOn IS NOT NULL AND n.f_succeededFrom IS NOT NULL AND n.f_succeededTo IS NOT NULL AND n.f_validFrom IS NOT NULL AND n.f_validTo IS NOT NULL AND CASE WHEN EXISTS { MATCH (n)-[:HAS_FORUM]->(x1:Mandategraph:Body) WHERE x1.id IN $p0 } THEN true WHEN EXISTS { MATCH (n)-[:HAS_FORUM]->(x2:Mandategraph:Body) } THEN true WHEN n.f_kind IN $p1 THEN true ELSE false END
  WITH n ORDER BY n.sort_deadline_due LIMIT $p4
  RETURN [n.id, n.json]
} AS items
