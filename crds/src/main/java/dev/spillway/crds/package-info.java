/**
 * The custom resources Spillway reads, as Java types; their YAML is generated from these.
 *
 * <p>Must not know the core: the mapping between both is the adapter's.
 */
@NullMarked
package dev.spillway.crds;

import org.jspecify.annotations.NullMarked;
