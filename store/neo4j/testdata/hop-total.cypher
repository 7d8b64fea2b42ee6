// $p0 = ["7|body:igf"]
// $p1 = ["Āreport","Āreview"]
// $p2 = "7|"
// $p3 = "7}"
// $p4 = "7|"
// $p5 = "7}"
// $p6 = 21
UNWIND $p0 AS key
MATCH (a:Mandategraph {key: key})
RETURN a.id AS id, COUNT {
  MATCH (a)-[r:HOLDS]->(n)
  WHERE n.sort_mandate_since > $p2 AND n.sort_mandate_since < $p3 AND n.f_kind IN $p1
  RETURN DISTINCT n
} AS total, COLLECT {
  MATCH (a)-[r:HOLDS]->(n)
  WHERE n.sort_mandate_since > $p4 AND n.sort_mandate_since < $p5 AND n.f_kind IN $p1
  WITH n, collect(r) AS rs ORDER BY n.sort_mandate_since LIMIT $p6
  WITH n, reduce(r = head(rs), other IN tail(rs) | CASE WHEN other.at < r.at THEN other ELSE r END) AS r ORDER BY n.sort_mandate_since
  RETURN [n.id, r.id, n.json, type(r), startNode(r) = a, r.validFrom, r.validTo, r.json]
} AS items
