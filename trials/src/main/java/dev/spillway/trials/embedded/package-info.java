/**
 * The embedded cluster as commands use it: started in this process, with the admission that a real cluster gets from {@code
 * deploy/base}, and with a kubeconfig, so that everything else treats it as any other cluster. It must not be known to the controller.
 * Start at {@link dev.spillway.trials.embedded.EmbeddedClusterHost}.
 */
@NullMarked
package dev.spillway.trials.embedded;

import org.jspecify.annotations.NullMarked;
