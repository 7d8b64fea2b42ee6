MATCH (n:Mandategraph)-[r]->(:Mandategraph) WHERE n.key STARTS WITH $p
RETURN type(r), r.id, r.hash
