@NullMarked
package dev.spillway.kubelet.access;

import org.jspecify.annotations.NullMarked;
