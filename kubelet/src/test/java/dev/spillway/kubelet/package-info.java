@NullMarked
package dev.spillway.kubelet;

import org.jspecify.annotations.NullMarked;
