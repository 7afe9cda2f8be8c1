/**
 * Random small worlds, each a handful of Kubernetes objects and one pending pod, and an oracle that says which nodes the pod may
 * go to. The oracle is written naively from the Kubernetes documentation over the JSON and shares no code with what it judges;
 * kube-scheduler itself judges the oracle in module {@code it}.
 */
@NullMarked
package dev.spillway.kube.worlds;

import org.jspecify.annotations.NullMarked;
