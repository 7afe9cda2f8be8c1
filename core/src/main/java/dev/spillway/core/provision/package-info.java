/**
 * An instance from asking to gone: regions are asked, their answers taken, pods bound, instances followed and terminated. Start at {@link
 * dev.spillway.core.provision.Acquisition}.
 */
@NullMarked
package dev.spillway.core.provision;

import org.jspecify.annotations.NullMarked;
