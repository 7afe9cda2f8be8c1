package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

var watched = []schema.GroupVersionResource{
	{Group: "scheduling.alibabacloud.com", Version: "v1alpha1", Resource: "resourcepolicies"},
	{Group: "spillway.dev", Version: "v1alpha1", Resource: "regions"},
	{Version: "v1", Resource: "pods"},
	{Version: "v1", Resource: "nodes"},
}

var printing sync.Mutex // each informer calls from a goroutine of its own

// inform prints `synced` when all is listed, each change as `added|updated|deleted RESOURCE KEY [CONDITION=STATUS...]`, and in the end what
// each cache holds: `cached RESOURCE KEY`.
func inform(ctx context.Context, config *rest.Config) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return err
	}
	factory := dynamicinformer.NewDynamicSharedInformerFactory(client, 10*time.Minute)
	for _, resource := range watched {
		informer := factory.ForResource(resource).Informer()
		if err := informer.SetWatchErrorHandler(func(_ *cache.Reflector, err error) {
			tell("failed %s %v", resource.Resource, err)
		}); err != nil {
			return err
		}
		if _, err := informer.AddEventHandler(printer(resource.Resource)); err != nil {
			return err
		}
	}
	factory.Start(ctx.Done())
	for resource, done := range factory.WaitForCacheSync(ctx.Done()) {
		if !done {
			return fmt.Errorf("%s were not listed", resource.Resource)
		}
	}
	tell("synced")
	<-ctx.Done()
	factory.Shutdown()
	for _, resource := range watched {
		for _, key := range factory.ForResource(resource).Informer().GetStore().ListKeys() {
			tell("cached %s %s", resource.Resource, key)
		}
	}
	return nil
}

func printer(resource string) cache.ResourceEventHandlerFuncs {
	return cache.ResourceEventHandlerFuncs{
		AddFunc:    func(added any) { tell("added %s %s", resource, described(added)) },
		UpdateFunc: func(_, updated any) { tell("updated %s %s", resource, described(updated)) },
		DeleteFunc: func(deleted any) {
			if unseen, is := deleted.(cache.DeletedFinalStateUnknown); is {
				deleted = unseen.Obj
			}
			tell("deleted %s %s", resource, described(deleted))
		},
	}
}

func described(object any) string {
	text, err := cache.MetaNamespaceKeyFunc(object)
	if err != nil {
		return err.Error()
	}
	conditions, _, _ := unstructured.NestedSlice(object.(*unstructured.Unstructured).Object, "status", "conditions")
	for _, condition := range conditions {
		if fields, is := condition.(map[string]any); is {
			text += fmt.Sprintf(" %v=%v", fields["type"], fields["status"])
		}
	}
	return text
}

func tell(format string, values ...any) {
	printing.Lock()
	defer printing.Unlock()
	fmt.Printf(format+"\n", values...)
}
