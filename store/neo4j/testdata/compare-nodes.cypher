MATCH (n:Mandategraph) WHERE n.key STARTS WITH $p
RETURN n.nodeKind, n.id, n.hash
