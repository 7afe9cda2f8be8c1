/**
 * Who is in which unit of a policy, and the slots that are reserved before anybody is bound. Start at {@link
 * dev.spillway.core.caps.UnitMembership}.
 */
@NullMarked
package dev.spillway.core.caps;

import org.jspecify.annotations.NullMarked;
