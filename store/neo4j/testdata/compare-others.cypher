RETURN COUNT { (n) }
 - COUNT { (:Mandategraph) } - COUNT { (:MandategraphLoad) } - COUNT { (:MandategraphSwitch) }
