/** The store, rule by rule. Where a comment says "1.37.2 answered", a real kube-apiserver was asked the same by hand. */
@NullMarked
package dev.spillway.embedded.store;

import org.jspecify.annotations.NullMarked;
