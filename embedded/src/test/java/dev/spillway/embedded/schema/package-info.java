/** Schemas of custom resources, held against what a real kube-apiserver answered. */
@NullMarked
package dev.spillway.embedded.schema;

import org.jspecify.annotations.NullMarked;
