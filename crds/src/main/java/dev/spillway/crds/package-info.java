/**
 * The custom resources as they lie in the API server: {@link dev.spillway.crds.policy.ResourcePolicy} and
 * {@link dev.spillway.crds.region.Region}, and nothing else. Their YAML (on the class path as {@code /crds/*.yaml}, in
 * the tree as {@code deploy/chart/base/crds/*.yaml}) is generated from these types, so field names, defaults, limits and CEL
 * rules are changed here.
 *
 * <p>These types decide nothing and know nothing of the core. Objects that were stored before a rule existed still
 * load: what the API server should have refused is judged again where it is used.
 */
@NullMarked
package dev.spillway.crds;

import org.jspecify.annotations.NullMarked;
