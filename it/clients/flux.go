package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/polling"
	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/fluxcd/pkg/ssa"
	"github.com/fluxcd/pkg/ssa/normalize"
	"github.com/fluxcd/pkg/ssa/utils"
	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

// What kustomize-controller calls itself, and whom it applies for here.
var owner = ssa.Owner{Field: "kustomize-controller", Group: "kustomize.toolkit.fluxcd.io"}

const (
	ownerName      = "regions"
	ownerNamespace = "flux-system"
)

var patience = ssa.WaitOptions{Interval: 500 * time.Millisecond, Timeout: time.Minute, FailFast: true}

func flux(ctx context.Context, config *rest.Config, verb, file string) error {
	log.SetLogger(logr.Discard()) // it would warn, after half a minute, that nobody set one
	manager, err := newManager(config)
	if err != nil {
		return err
	}
	objects, err := read(file)
	if err != nil {
		return err
	}
	switch verb {
	case "apply":
		manager.SetOwnerLabels(objects, ownerName, ownerNamespace)
		changes, err := manager.ApplyAllStaged(ctx, objects, ssa.DefaultApplyOptions())
		return report(changes, err)
	case "wait":
		return manager.Wait(objects, patience)
	case "status":
		return printStatus(ctx, manager, objects)
	case "prune":
		return prune(ctx, manager, objects)
	default:
		return fmt.Errorf("flux has no %s", verb)
	}
}

func newManager(config *rest.Config) (*ssa.ResourceManager, error) {
	http, err := rest.HTTPClientFor(config)
	if err != nil {
		return nil, err
	}
	mapper, err := apiutil.NewDynamicRESTMapper(config, http)
	if err != nil {
		return nil, err
	}
	api, err := client.New(config, client.Options{Mapper: mapper, HTTPClient: http})
	if err != nil {
		return nil, err
	}
	return ssa.NewResourceManager(api, polling.NewStatusPoller(api, mapper, polling.Options{}), owner), nil
}

func read(file string) ([]*unstructured.Unstructured, error) {
	stream, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer stream.Close()
	objects, err := utils.ReadObjects(stream)
	if err != nil {
		return nil, err
	}
	return objects, normalize.UnstructuredList(objects)
}

func report(changes *ssa.ChangeSet, err error) error {
	if changes != nil {
		for _, entry := range changes.Entries {
			fmt.Println(entry)
		}
	}
	return err
}

func printStatus(ctx context.Context, manager *ssa.ResourceManager, objects []*unstructured.Unstructured) error {
	for _, object := range objects {
		if err := manager.Client().Get(ctx, client.ObjectKeyFromObject(object), object); err != nil {
			return err
		}
		result, err := status.Compute(object)
		if err != nil {
			return err
		}
		fmt.Printf("%s %s: %s\n", utils.FmtUnstructured(object), result.Status, result.Message)
	}
	return nil
}

// prune spares what carries no label of this owner, as kustomize-controller does.
func prune(ctx context.Context, manager *ssa.ResourceManager, objects []*unstructured.Unstructured) error {
	options := ssa.DefaultDeleteOptions()
	options.Inclusions = manager.GetOwnerLabels(ownerName, ownerNamespace)
	changes, err := manager.DeleteAll(ctx, objects, options)
	if err := report(changes, err); err != nil {
		return err
	}
	return manager.WaitForSetTermination(changes, patience)
}
