/**
 * What the core knows of ResourcePolicies: records, validation, and which policy speaks about which pod. Start at
 * {@link dev.spillway.core.policy.Policy}.
 */
@NullMarked
package dev.spillway.core.policy;

import org.jspecify.annotations.NullMarked;
