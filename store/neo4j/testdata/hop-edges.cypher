// $p0 = ["7|body:igf"]
// $p1 = "7|"
// $p2 = "7}"
// $p3 = 21
UNWIND $p0 AS key
MATCH (a:Mandategraph {key: key})
RETURN a.id AS id, 0 AS total, COLLECT {
  MATCH (a)-[r:PART_OF|REPORTS_TO]-(n)
  WHERE n.sort_body_name > $p1 AND n.sort_body_name < $p2
  WITH n, r ORDER BY n.sort_body_name, r.at LIMIT $p3
  RETURN [n.id, r.id, n.json, type(r), startNode(r) = a, r.validFrom, r.validTo, r.json]
} AS items
