MATCH (n:Mandategraph) WHERE n.key STARTS WITH $p
RETURN count(n), sum(COUNT { (n)-->(:Mandategraph) })
