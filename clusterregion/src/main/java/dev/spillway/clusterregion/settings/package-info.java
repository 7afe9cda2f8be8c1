/** What an operator says of a region that is another Kubernetes cluster. Values only. */
@NullMarked
package dev.spillway.clusterregion.settings;

import org.jspecify.annotations.NullMarked;
