@NullMarked
package dev.spillway.kubelet.http;

import org.jspecify.annotations.NullMarked;
