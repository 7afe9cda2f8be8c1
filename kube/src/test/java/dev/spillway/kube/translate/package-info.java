/** Tests of the translation. Expected JSON follows the Kubernetes API reference. */
@NullMarked
package dev.spillway.kube.translate;

import org.jspecify.annotations.NullMarked;
