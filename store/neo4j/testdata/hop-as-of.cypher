// $p0 = ["7|body:igf"]
// $p1 = "Ā2024-06-30"
// $p2 = "2024-06-30"
// $p3 = "7|"
// $p4 = "7}"
// $p5 = "7|"
// $p6 = "7}"
// $p7 = 21
UNWIND $p0 AS key
MATCH (a:Mandategraph {key: key})
RETURN a.id AS id, 0 AS total, COLLECT {
  MATCH (a)-[r:HOLDS]->(n)
  WHERE n.sort_mandate_since > $p5 AND n.sort_mandate_since < $p6 AND n.f_validFrom <= $p1 AND $p1 < n.f_validTo AND r.validFrom <= $p2 AND $p2 < r.validTo
  WITH n, r ORDER BY r.at
  WITH n, head(collect(r)) AS r
  WITH n, r ORDER BY n.sort_mandate_since, r.at LIMIT $p7
  RETURN [n.nodeKind, n.id, n.json, r.id, type(r), startNode(r).id, endNode(r).id, r.validFrom, r.validTo, r.json]
} AS items
