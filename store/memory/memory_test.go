package memory_test

import (
	"context"
	"testing"

	"go.uber.org/goleak"

	"mandategraph/store"
	"mandategraph/store/memory"
	"mandategraph/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store {
		s := memory.Open()
		t.Cleanup(func() {
			if err := s.Close(context.WithoutCancel(t.Context())); err != nil {
				t.Error(err)
			}
		})
		return s
	}, 40)
}
