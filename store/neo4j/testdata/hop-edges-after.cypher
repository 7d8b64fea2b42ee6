// $p0 = ["7|body:igf"]
// $p1 = "7|"
// $p2 = "7}"
// $p3 = "7|1itu\u0000body:itu"
// $p4 = "PART_OF:body:igf\u003ebody:itu"
// $p5 = "7|"
// $p6 = "7}"
// $p7 = 21
UNWIND $p0 AS key
MATCH (a:Mandategraph {key: key})
RETURN a.id AS id, COUNT {
  MATCH (a)-[r:PART_OF|REPORTS_TO]-(n)
  WHERE n.sort_body_name_desc > $p1 AND n.sort_body_name_desc < $p2
  RETURN DISTINCT r
} AS total, COLLECT {
  MATCH (a)-[r:PART_OF|REPORTS_TO]-(n)
  WHERE n.sort_body_name_desc > $p5 AND n.sort_body_name_desc < $p6 AND (n.sort_body_name_desc < $p3 OR n.sort_body_name_desc = $p3 AND r.at < $p4)
  WITH n, r ORDER BY n.sort_body_name_desc DESC, r.at DESC LIMIT $p7
  RETURN [n.id, r.id, n.json, type(r), startNode(r) = a, r.validFrom, r.validTo, r.json]
} AS items
