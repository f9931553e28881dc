"""Needs, documents and steps of the catalogue of procedures as people would say them."""

from __future__ import annotations

NEEDS = {
    "birth": "a child's birth registration",
    "identity": "an identity document",
    "child_grant": "a child grant",
    "old_age_grant": "an old-age grant",
    "disability_grant": "a disability grant",
    "unemployment_insurance": "unemployment insurance",
    "indigent_register": "a place in the indigent register",
    "death": "a death registration",
    "clinic_visit": "a clinic visit",
    "grant_collection": "the month's grant",
    "unemployment_signing": "signing as unemployed",
}
DOCUMENTS = {
    "lateness_affidavit": "affidavit",
    "birth_certificate": "a birth certificate",
    "identity_applied": "the identity document",
    "identity": "an identity document",
    "child_lateness_affidavit": "affidavit",
    "identity_affidavit": "sworn statement",
    "medical_report": "the medical report",
    "work_seeker": "work seeker's registration",
    "indigence_affidavit": "affidavit of income",
}
STEPS = {
    "swear_lateness": "affidavit on the late birth registration",
    "register_own_birth": "registration of one's own birth",
    "apply_identity": "application for an identity document",
    "collect_identity": "collection of the identity document",
    "register_child": "registration of the child's birth",
    "swear_child_lateness": "affidavit on the child's late registration",
    "register_child_late": "late registration of the child's birth",
    "swear_identity": "sworn statement in place of an identity document",
    "assess_disability": "disability assessment",
    "apply_child_grant": "application for the child grant",
    "apply_child_grant_sworn": "application for the child grant, with a sworn statement",
    "apply_old_age_grant": "application for the old-age grant",
    "apply_old_age_grant_sworn": "application for the old-age grant, with a sworn statement",
    "apply_disability_grant": "application for the disability grant",
    "apply_disability_grant_sworn": "application for the disability grant, with a sworn statement",
    "register_work_seeker": "registration as a work seeker",
    "claim_unemployment": "unemployment insurance claim",
    "swear_indigence": "affidavit of household income",
    "register_indigent": "entry in the indigent register",
    "register_death": "registration of the death",
    "visit_clinic": "clinic visit",
    "collect_grant": "collection of the grant",
    "sign_unemployment": "signing",
}
