// $keys = ["7|body:igf"]
UNWIND $keys AS key
MATCH (n:Mandategraph {key: key})
RETURN n.nodeKind, n.id, n.json
