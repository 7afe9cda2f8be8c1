@NullMarked
package dev.spillway.kubelet.usage;

import org.jspecify.annotations.NullMarked;
