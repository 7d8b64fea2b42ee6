package loader_test
import ("testing";"os";"mandategraph/loader";"fmt")
func TestZZ(t *testing.T){
 f,err:=loader.Load(os.DirFS("/tmp/data"))
 if err!=nil { fmt.Println(err); return }
 fmt.Println(len(f.Graph.Nodes),len(f.Graph.Edges), f.Graph.Version())
 r:=f.Verify(os.DirFS("../../shared/documents"))
 fmt.Println(r.Found,r.NotFound,r.Absent,len(r.AbsentDocuments))
 for _,p:=range r.Problems {fmt.Println(p)}
 f.WithTexts(os.DirFS("../../shared/documents"))
}
