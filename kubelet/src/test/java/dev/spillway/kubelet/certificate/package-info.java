@NullMarked
package dev.spillway.kubelet.certificate;

import org.jspecify.annotations.NullMarked;
