/**
 * Who may ask what of a virtual node: authentication by client certificate or TokenReview, authorisation by SubjectAccessReview on {@code
 * nodes/...}. What is not known is never allowed. Start at {@link dev.spillway.kubelet.access.Authorizer}.
 */
@NullMarked
package dev.spillway.kubelet.access;

import org.jspecify.annotations.NullMarked;
