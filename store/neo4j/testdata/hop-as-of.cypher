// $p0 = ["7|body:igf"]
// $p1 = "Ā2024-06-30"
// $p2 = "2024-06-30"
// $p3 = "7|"
// $p4 = "7}"
// $p5 = 21
UNWIND $p0 AS key
MATCH (a:Mandategraph {key: key})
RETURN a.id AS id, 0 AS total, COLLECT {
  MATCH (a)-[r:HOLDS]->(n)
  WHERE n.sort_mandate_since > $p3 AND n.sort_mandate_since < $p4 AND n.f_validFrom <= $p1 AND $p1 < n.f_validTo AND r.validFrom <= $p2 AND $p2 < r.validTo
  WITH n, collect(r) AS rs ORDER BY n.sort_mandate_since LIMIT $p5
  WITH n, reduce(r = head(rs), other IN tail(rs) | CASE WHEN other.at < r.at THEN other ELSE r END) AS r ORDER BY n.sort_mandate_since
  RETURN [n.id, r.id, n.json, type(r), startNode(r) = a, r.validFrom, r.validTo, r.json]
} AS items
