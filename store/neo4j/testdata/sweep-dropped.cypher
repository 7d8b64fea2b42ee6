MATCH (l:MandategraphLoad {gen: $gen, state: 'dead'})
DELETE l
