/** Tests of the kubelet API as this process serves it. */
@NullMarked
package dev.spillway.app.nodeapi;

import org.jspecify.annotations.NullMarked;
