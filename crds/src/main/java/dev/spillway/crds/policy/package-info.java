/**
 * ResourcePolicy as users write it: the ordered units that a pod may go to. Field names, defaults and spellings are
 * those of the published v1alpha1 API, undocumented fields included, so that existing YAML applies unchanged. Start at
 * {@link dev.spillway.crds.policy.ResourcePolicySpec}.
 *
 * <p>What a field means for a pod is not decided here.
 */
@NullMarked
package dev.spillway.crds.policy;

import org.jspecify.annotations.NullMarked;
