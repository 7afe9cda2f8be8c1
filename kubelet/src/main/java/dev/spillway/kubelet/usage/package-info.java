/**
 * What the pods of a virtual node use, in the forms in which a kubelet says it. A figure that is missing is left out, never a zero. Start at {@link
 * dev.spillway.kubelet.usage.NodeUsages}.
 */
@NullMarked
package dev.spillway.kubelet.usage;

import org.jspecify.annotations.NullMarked;
