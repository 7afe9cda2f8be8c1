/**
 * A region that is another Kubernetes cluster: pods are created there as their users wrote them, and what becomes of them is told at home.
 */
@NullMarked
package dev.spillway.clusterregion;

import org.jspecify.annotations.NullMarked;
