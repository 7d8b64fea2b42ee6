package main
import ("testing";"fmt";"mandategraph/un";"mandategraph/query")
func TestProbe(t *testing.T){
 s:=stores(t)["memory"]; r,_:=s.Snapshot(t.Context()); f,_:=facts(); n:=new(query.Names)
 var bodies []un.ID
 for _,x:=range f.Graph.Nodes{ if x.NodeKind()==un.KindBody{bodies=append(bodies,x.Key())}}
 via,pairs,none:=0,0,0; long:=map[int]int{}
 shown:=0
 for i,a:=range bodies{ for _,b:=range bodies[:i]{
  p,err:=query.FindPath(t.Context(),r,n,query.Between{From:a,To:b,MaxLength:6,Relations:query.Walkable()}); if err!=nil{t.Fatal(err)}
  q,_:=query.FindPath(t.Context(),r,n,query.Between{From:a,To:b,MaxLength:6})
  pairs++
  if q==nil{none++}else{long[len(q.Edges)]++}
  if p!=nil { for _,e:=range p.Edges{ if e.Relation==un.Mentions{via++; if shown<6 && q!=nil {shown++; fmt.Println(a,b); for _,e:=range p.Edges{fmt.Println("   with",e.ID)}; for _,e:=range q.Edges{fmt.Println("   without",e.ID)}}; break}}}
 }}
 fmt.Println(pairs,via,none,long)
}
