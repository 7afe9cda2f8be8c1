/** Which pods a virtual node has. Start at {@link dev.spillway.kubelet.pods.HomePods}. */
@NullMarked
package dev.spillway.kubelet.pods;

import org.jspecify.annotations.NullMarked;
