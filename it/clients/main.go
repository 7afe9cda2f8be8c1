// Clients of others, as programs: client-go's shared informers, and Flux's library for server-side apply with kstatus. KUBECONFIG names the
// cluster. What they see and do is printed one line each; they judge nothing, the tests that run them do.
//
//	clients informers            lists and watches until its standard input ends
//	clients flux apply FILE      applies as kustomize-controller does, and says of each object what that changed
//	clients flux wait FILE       waits until kstatus says of all that they are current; fails on the first that failed, or after a minute
//	clients flux status FILE     what kstatus says of each now
//	clients flux prune FILE      deletes those of them that Flux applied, and waits until they are gone
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, words []string) error {
	config, err := configuration()
	if err != nil {
		return err
	}
	switch {
	case len(words) == 1 && words[0] == "informers":
		return inform(ctx, config)
	case len(words) == 3 && words[0] == "flux":
		return flux(ctx, config, words[1], words[2])
	default:
		return fmt.Errorf("usage: clients informers | clients flux apply|wait|status|prune FILE")
	}
}

func configuration() (*rest.Config, error) {
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	return clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, nil).ClientConfig()
}
