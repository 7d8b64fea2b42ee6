// $p0 = ["7|body:igf","7|body:itu"]
// $p1 = "7|"
// $p2 = "7}"
// $p3 = 21
UNWIND $p0 AS key
MATCH (a:Mandategraph {key: key})
RETURN a.id AS id, 0 AS total, COLLECT {
  MATCH (a)-[r:HOLDS]->(n)
  WHERE n.sort_mandate_since > $p1 AND n.sort_mandate_since < $p2
  WITH n, collect(r) AS rs ORDER BY n.sort_mandate_since LIMIT $p3
  WITH n, reduce(r = head(rs), other IN tail(rs) | CASE WHEN other.at < r.at THEN other ELSE r END) AS r ORDER BY n.sort_mandate_since
  RETURN [n.id, r.id]
} AS items
