"""The table: who may open and do what in their own centre. See test_access for how it is read.

200 a page; 302 done, or on to another page; 403 not yours to do; 404 not yours to see;
409 too late; 412 yours, but it is spoken to in another protocol; 422 the form came empty, but
you may fill it in. An address that is not listed with a method answers 405 to it.

The learner's unit is allocated to the assessor; the second learner's, to the trainee.
"""

TABLE = """
# address                                arguments                       lea 2nd ass oth tra iqa adm dat
accounts:people                     GET  -                               403 403 403 403 403 403 200 403
accounts:invite                     GET  -                               403 403 403 403 403 403 200 403
accounts:invite                     POST -                               403 403 403 403 403 403 422 403
accounts:person                     GET  pk=membership                   403 403 403 403 403 403 200 403
accounts:person                     POST pk=membership                   403 403 403 403 403 403 422 403
accounts:revoke                     POST pk=membership                   404 404 404 404 404 403 302 404
accounts:resend                     POST pk=invitation                   404 404 404 404 404 404 302 404
accounts:withdraw                   POST pk=invitation                   404 404 404 404 404 404 302 404

notices:list                        GET  -                               200 200 200 200 200 200 200 200
notices:read_all                    POST -                               302 302 302 302 302 302 302 302
notices:choice                      GET  -                               200 200 200 200 200 200 200 200
notices:choice                      POST -                               422 422 422 422 422 422 422 422
notices:follow                      GET  pk=notice                       302 404 404 404 404 404 404 404
notices:open                        POST pk=notice                       302 404 404 404 404 404 404 404

files:upload                        POST -                               422 422 422 422 422 422 422 422
files:transfers                     OPTIONS -                            204 204 204 204 204 204 204 204
files:transfers                     POST -                               412 412 412 412 412 412 412 412
files:transfer                      HEAD pk=transfer                     412 404 404 404 404 404 404 404
files:transfer                      PATCH pk=transfer                    412 404 404 404 404 404 404 404
files:transfer                      POST pk=transfer                     412 404 404 404 404 404 404 404
files:transfer                      DELETE pk=transfer                   412 404 404 404 404 404 404 404

standards:list                      GET  -                               200 200 200 200 200 200 200 200
standards:edition                   GET  pk=edition                      200 200 200 200 200 200 200 200
standards:guide                     GET  pk=guide                        200 200 200 200 200 200 200 200
standards:guide_serves              GET  pk=own_guide                    403 403 403 403 403 403 200 403
standards:guide_serves              POST pk=own_guide                    403 403 403 403 403 403 302 403
standards:draft_add                 GET  -                               403 403 403 403 403 403 200 403
standards:draft_add                 POST -                               403 403 403 403 403 403 422 403
standards:draft                     GET  pk=draft                        404 404 404 404 404 404 200 404
standards:draft                     POST pk=draft                        404 404 404 404 404 404 422 404
standards:draft_publish             GET  pk=draft                        404 404 404 404 404 404 200 404
standards:draft_publish             POST pk=draft                        404 404 404 404 404 404 422 404
standards:draft_discard             GET  pk=draft                        404 404 404 404 404 404 200 404
standards:draft_discard             POST pk=draft                        404 404 404 404 404 404 302 404

portfolio:home                      GET  -                               200 200 302 302 302 302 302 302
portfolio:unit                      GET  pk=enrolment                    200 404 200 404 404 200 200 200
portfolio:evidence_list             GET  -                               200 200 403 403 403 403 403 403
portfolio:evidence_add              GET  -                               200 200 403 403 403 403 403 403
portfolio:evidence_add              POST -                               422 422 403 403 403 403 403 403
portfolio:capture                   GET  -                               200 200 403 403 403 403 403 403
portfolio:outbox                    GET  -                               200 200 403 403 403 403 403 403
portfolio:captures                  GET  -                               200 200 403 403 403 403 403 403
portfolio:captures                  POST -                               422 422 403 403 403 403 403 403
portfolio:suggestions               POST -                               200 200 403 403 403 403 403 403
portfolio:evidence                  GET  pk=evidence                     200 404 200 404 404 200 200 200
portfolio:evidence_version          GET  pk=evidence,number=number       200 404 200 404 404 200 200 200
portfolio:annotations               GET  pk=evidence,number=number       200 404 200 404 404 200 200 200
portfolio:evidence_edit             GET  pk=draft_evidence               200 404 404 404 404 404 404 404
portfolio:evidence_edit             POST pk=draft_evidence               422 404 404 404 404 404 404 404
portfolio:claims                    GET  pk=draft_evidence               200 404 404 404 404 404 404 404
portfolio:claims                    POST pk=draft_evidence               302 404 404 404 404 404 404 404
portfolio:people                    GET  pk=draft_evidence               200 404 404 404 404 404 404 404
portfolio:people                    POST pk=draft_evidence               302 404 404 404 404 404 404 404
portfolio:hide                      GET  pk=evidence,number=number       200 404 200 404 404 403 403 200
portfolio:hide_account              GET  pk=evidence,number=number       200 404 200 404 404 403 403 200
portfolio:hide_account              POST pk=evidence,number=number       422 404 422 404 404 403 403 422
portfolio:hide_file                 GET  pk=file                         200 404 200 404 404 403 403 200
portfolio:hide_file                 POST pk=file                         422 404 422 404 404 403 403 422
portfolio:redaction                 GET  pk=redaction                    200 404 200 404 404 200 200 200
portfolio:redaction_retry           POST pk=redaction                    409 404 409 404 404 403 403 409
portfolio:redactions                GET  -                               403 403 403 403 403 403 403 200
portfolio:original                  GET  pk=redaction                    403 403 403 403 403 403 403 200
portfolio:original                  POST pk=redaction                    403 403 403 403 403 403 403 422
portfolio:new_version               POST pk=evidence                     409 404 403 404 404 403 403 403
portfolio:withdraw_draft            POST pk=draft_evidence               302 404 404 404 404 404 404 404
portfolio:file                      GET  pk=file                         200 404 200 404 404 200 200 200
portfolio:file_view                 GET  pk=file                         200 404 200 404 404 200 200 200
portfolio:preview                   GET  pk=file                         200 404 200 404 404 200 200 200
portfolio:preview                   POST pk=file                         302 404 302 404 404 302 302 302
portfolio:preview_part              GET  pk=file,role=role,number=part   200 404 200 404 404 200 200 200
portfolio:captions                  GET  pk=captions                     200 404 200 404 404 200 200 200
portfolio:likenesses                GET  -                               403 403 200 200 200 200 403 403
portfolio:likeness                  GET  pk=likeness                     403 403 200 200 200 200 403 403
portfolio:likeness_picture          GET  pk=likeness,side=side           403 403 200 200 200 200 403 403
portfolio:likeness_shared           POST pk=likeness                     403 403 422 422 403 422 403 403
portfolio:likeness_templates        GET  -                               403 403 200 200 200 200 403 403
portfolio:likeness_template_end     POST pk=template                     403 403 302 302 403 302 403 403
portfolio:enrolments                GET  -                               403 403 200 200 200 200 200 200
portfolio:enrol                     GET  -                               403 403 403 403 403 403 200 403
portfolio:enrol                     POST -                               403 403 403 403 403 403 422 403
portfolio:learners_import           GET  -                               403 403 403 403 403 403 200 403
portfolio:learners_import           POST -                               403 403 403 403 403 403 422 403
portfolio:learners_preview          GET  pk=learner_list                 403 403 403 403 403 403 200 403
portfolio:learners_preview          POST pk=learner_list                 403 403 403 403 403 403 422 403
portfolio:learners_discard          POST pk=learner_list                 403 403 403 403 403 403 302 403
portfolio:enrolment                 GET  pk=enrolment                    403 403 200 404 404 200 200 200
portfolio:learner_details           POST pk=enrolment                    403 403 403 404 404 403 302 403
portfolio:allocate                  POST pk=enrolment                    403 403 403 404 404 403 422 403
portfolio:withdraw_enrolment        POST pk=enrolment                    403 403 403 404 404 403 302 403
portfolio:reinstate_enrolment       POST pk=enrolment                    403 403 403 404 404 403 409 403
portfolio:end_allocation            POST pk=allocation                   403 403 403 404 404 403 302 403
portfolio:witnesses                 GET  pk=enrolment                    200 404 200 404 404 200 200 200
portfolio:witness_ask               GET  pk=enrolment                    200 404 200 404 404 403 403 403
portfolio:witness_ask               POST pk=enrolment                    422 404 422 404 404 403 403 403
portfolio:witness_resend            POST pk=witness                      302 404 302 404 404 403 403 403
portfolio:witness_withdraw          POST pk=witness                      302 404 302 404 404 403 302 403
portfolio:imports                   GET  pk=enrolment                    200 404 200 404 404 200 200 200
portfolio:imports                   POST pk=enrolment                    403 404 422 404 404 403 422 403
portfolio:import_take_back          GET  pk=imported                     403 404 200 404 404 403 200 403
portfolio:import_take_back          POST pk=imported                     403 404 422 404 404 403 422 403
portfolio:interests                 GET  pk=enrolment                    403 404 200 404 404 200 200 403
portfolio:interests                 POST pk=enrolment                    403 404 422 404 404 422 422 403
portfolio:interest_end              POST pk=enrolment,interest_pk=tie    404 404 403 404 404 403 302 404
portfolio:experts                   GET  -                               403 403 200 200 200 200 200 403
portfolio:expert_add                GET  -                               403 403 403 403 403 403 200 403
portfolio:expert_add                POST -                               403 403 403 403 403 403 422 403
portfolio:expert_end                POST pk=expert                       403 403 403 403 403 403 302 403

assessments:queue                   GET  -                               403 403 200 200 200 403 403 403
assessments:caseload                GET  -                               403 403 200 200 200 403 403 403
assessments:decisions               GET  -                               200 200 403 403 403 403 403 403
assessments:decision                GET  pk=decided                      404 200 403 403 403 403 403 403
assessments:matrix                  GET  -                               403 403 200 200 200 403 403 403
assessments:visits                  GET  -                               403 403 200 200 200 403 403 403
assessments:todo                    GET  -                               403 403 200 200 200 403 403 403
assessments:plans                   GET  -                               403 403 200 200 200 200 200 403
assessments:overview                GET  -                               403 403 403 403 403 200 200 403
assessments:centre_matrix           GET  -                               403 403 403 403 403 200 200 403
assessments:spreadsheets            GET  -                               403 403 403 403 403 200 200 403
assessments:spreadsheet             GET  sheet=sheet                     403 403 403 403 403 200 200 403
assessments:submit                  POST pk=draft_evidence               422 404 404 404 404 404 404 404
assessments:submission              GET  pk=submission                   403 404 200 404 404 200 200 403
assessments:ahead                   GET  pk=submission                   403 404 200 404 404 200 200 403
assessments:judge                   POST pk=submission,claim_pk=claim    403 404 302 404 404 403 403 403
assessments:feedback                POST pk=submission                   403 404 302 404 404 403 403 403
assessments:add_action              POST pk=submission                   403 404 422 404 404 403 403 403
assessments:remove_action           POST pk=submission,action_pk=action  403 404 302 404 404 403 403 403
assessments:accept                  POST pk=submission                   403 404 422 404 404 403 403 403
assessments:return                  POST pk=submission                   403 404 422 404 404 403 403 403
assessments:undo                    POST pk=decided                      404 403 403 403 409 403 403 403
assessments:withdraw                GET  pk=decided                      404 403 403 403 403 200 403 403
assessments:withdraw                POST pk=decided                      404 403 403 403 403 422 403 403
assessments:withdraw_sign_off       GET  pk=sign_off                     404 403 403 403 403 200 403 403
assessments:withdraw_sign_off       POST pk=sign_off                     404 403 403 403 403 422 403 403
assessments:make_appeal             GET  pk=decided                      404 200 403 403 403 403 403 403
assessments:make_appeal             POST pk=decided                      404 422 403 403 403 403 403 403
assessments:make_unit_appeal        GET  pk=signed_enrolment             404 200 403 403 403 403 403 403
assessments:make_unit_appeal        POST pk=signed_enrolment             404 422 403 403 403 403 403 403
assessments:appeals                 GET  -                               200 200 200 200 200 200 200 403
assessments:appeal                  GET  pk=appeal                       404 200 200 200 200 200 200 403
assessments:answer_appeal           POST pk=appeal                       404 403 422 422 403 422 403 403
assessments:give_up_appeal          POST pk=appeal                       404 302 403 403 403 403 403 403
assessments:unit_timeline           GET  pk=enrolment                    200 404 200 404 404 200 200 200
assessments:item_timeline           GET  pk=evidence                     200 404 200 404 404 200 200 200
assessments:claim_timeline          GET  pk=claim                        200 404 200 404 404 200 200 200
assessments:review                  GET  pk=submission                   403 404 302 404 404 403 403 403
assessments:review                  POST pk=submission                   403 404 422 404 404 403 403 403
assessments:insert                  POST pk=submission                   403 404 422 404 404 403 403 403
assessments:add_comment             POST pk=submission                   403 404 422 404 404 403 403 403
assessments:change_comment          POST pk=submission,comment_pk=note   403 404 422 404 404 403 403 403
assessments:remove_comment          POST pk=submission,comment_pk=note   403 404 302 404 404 403 403 403
assessments:places                  GET  pk=submission,claim_pk=claim    403 404 200 404 404 403 403 403
assessments:places                  POST pk=submission,claim_pk=claim    403 404 422 404 404 403 403 403
assessments:remove_place            POST pk=submission,claim_pk=claim,anchor_pk=own_place 403 404 302 404 404 403 403 403
assessments:bank                    GET  -                               403 403 200 200 200 403 200 403
assessments:phrase_add              GET  -                               403 403 200 200 200 403 200 403
assessments:phrase_add              POST -                               403 403 422 422 422 403 422 403
assessments:phrase                  GET  pk=phrase                       404 404 200 200 200 403 200 404
assessments:phrase                  POST pk=phrase                       404 404 422 422 422 403 422 404
assessments:phrase_retire           POST pk=phrase                       404 404 302 302 302 403 302 404
assessments:sign_off                GET  pk=enrolment                    403 404 200 404 404 403 403 403
assessments:sign_off                POST pk=enrolment                    403 404 422 404 404 403 403 403
assessments:countersignatures       GET  -                               403 403 200 200 403 403 403 403
assessments:sign_off_detail         GET  pk=sign_off                     404 200 200 200 200 200 200 200
assessments:countersign             POST pk=sign_off                     404 403 422 422 403 403 403 403
assessments:refuse_countersignature POST pk=sign_off                     404 403 422 422 403 403 403 403

assessments:plan                    GET  pk=enrolment                    200 404 200 404 404 200 200 200
assessments:plan_edit               GET  pk=enrolment                    403 404 200 404 404 403 403 403
assessments:plan_edit               POST pk=enrolment                    403 404 422 404 404 403 403 403
assessments:plan_agree              POST pk=plan                         302 404 302 404 404 403 403 403
assessments:plan_review             POST pk=plan                         403 404 422 404 404 403 403 403
assessments:plan_action             POST pk=plan_action                  302 404 403 404 404 403 403 403
assessments:action_point            POST pk=decided_action               404 302 403 403 403 403 403 403
assessments:unit_rules              GET  pk=edition                      403 403 200 200 200 200 200 403
assessments:unit_rules              POST pk=edition                      403 403 403 403 403 403 422 403
assessments:unit_rules_add          POST pk=edition                      403 403 403 403 403 403 422 403
assessments:unit_rules_remove       POST pk=method_rule                  404 404 403 403 403 403 302 404
assessments:records                 GET  pk=enrolment                    200 404 200 404 404 200 200 200
assessments:record_new              GET  pk=enrolment                    403 404 200 404 404 403 403 403
assessments:record_new              POST pk=enrolment                    403 404 422 404 404 403 403 403
assessments:record                  GET  pk=record                       200 404 200 404 404 200 200 200
assessments:record_plan             GET  pk=planned_record               403 404 200 404 404 403 403 403
assessments:record_plan             POST pk=planned_record               403 404 302 404 404 403 403 403
assessments:record_begin            POST pk=planned_record               403 404 302 404 404 403 403 403
assessments:record_make             GET  pk=record                       403 404 200 404 404 403 403 403
assessments:record_make             POST pk=record                       403 404 422 404 404 403 403 403
assessments:record_questions        GET  pk=written_record               403 404 200 404 404 403 403 403
assessments:record_questions        POST pk=written_record               403 404 422 404 404 403 403 403
assessments:record_share            POST pk=record                       403 404 302 404 404 403 403 403
assessments:record_take_back        POST pk=shared_record                403 404 302 404 404 403 403 403
assessments:record_cancel           POST pk=planned_record               403 404 302 404 404 403 302 403
assessments:record_amend            POST pk=record                       403 404 409 404 404 403 403 403
assessments:record_confirm          POST pk=shared_record                422 404 403 404 404 403 403 403
assessments:record_question         POST pk=shared_record                422 404 403 404 404 403 403 403
assessments:record_answers          POST pk=asked_record                 302 404 403 404 404 403 403 403
assessments:questions               GET  -                               403 403 200 200 200 200 200 403
assessments:question_add            GET  pk=edition                      403 403 200 200 200 403 200 403
assessments:question_add            POST pk=edition                      403 403 422 422 422 403 422 403
assessments:question                GET  pk=question                     404 404 200 200 200 403 200 404
assessments:question                POST pk=question                     404 404 422 422 422 403 422 404
assessments:question_retire         POST pk=question                     404 404 302 302 302 403 302 404

reports:proof                       GET  -                               403 403 403 403 403 200 200 403
reports:list                        GET  -                               403 403 403 403 403 200 200 200
reports:add                         GET  -                               403 403 403 403 403 403 200 200
reports:add                         POST -                               403 403 403 403 403 403 422 422
reports:many                        GET  -                               403 403 403 403 403 403 200 200
reports:many                        POST -                               403 403 403 403 403 403 422 422
reports:rules                       GET  -                               403 403 403 403 403 403 200 403
reports:rules                       POST -                               403 403 403 403 403 403 422 403
reports:report                      GET  pk=report                       403 403 403 403 403 200 200 200
reports:download                    POST pk=report                       403 403 403 403 403 403 409 409
reports:retry                       POST pk=report                       403 403 403 403 403 403 409 409
reports:cancel                      POST pk=report                       403 403 403 403 403 403 302 302
reports:again                       POST pk=report                       403 403 403 403 403 403 302 302
reports:withdraw                    POST pk=report                       403 403 403 403 403 403 422 403
reports:bulk                        GET  pk=bulk                         403 403 403 403 403 200 200 200
reports:bulk_cancel                 POST pk=bulk                         403 403 403 403 403 403 302 302
reports:bulk_retry                  POST pk=bulk                         403 403 403 403 403 403 302 302
reports:take                        POST pk=bulk                         403 403 403 403 403 403 302 302
reports:deposit                     POST pk=bulk                         403 403 403 403 403 403 409 409
reports:deposit_cancel              POST pk=bulk,deposit=deposit         403 403 403 403 403 403 302 302
reports:archive                     GET  pk=bulk,ticket=ticket           403 403 403 403 403 403 200 410
"""

# Outside any centre: by nobody signed in, and by somebody signed in.
OUTSIDE = """
home                                    GET    -                        302 302
invitation                              GET    token=token              200 200
testimony                               GET    token=witness_token      200 403
testimony_given                         GET    -                        200 200
manifest                                GET    -                        200 200
service_worker                          GET    -                        200 200
capture_anywhere                        GET    -                        200 200
proof:ask                               GET    -                        200 200
proof:ask                               POST   -                        422 422
proof:verify                            GET    code=wrong_code          200 200
proof:verify                            POST   code=wrong_code          422 422
account_login                           GET    -                        200 302
account_logout                          GET    -                        302 200
account_signup                          GET    -                        200 302
account_inactive                        GET    -                        200 200
account_reauthenticate                  GET    -                        302 403
account_change_password                 GET    -                        302 302
account_set_password                    GET    -                        302 200
account_reset_password                  GET    -                        200 200
account_reset_password_done             GET    -                        200 200
account_reset_password_from_key_done    GET    -                        200 200
account_reset_password_from_key         GET    uidb36=uid,key=key       200 200
mfa_index                               GET    -                        302 200
mfa_authenticate                        GET    -                        302 302
mfa_reauthenticate                      GET    -                        302 403
mfa_activate_totp                       GET    -                        302 200
mfa_deactivate_totp                     GET    -                        302 404
mfa_view_recovery_codes                 GET    -                        302 404
mfa_generate_recovery_codes             GET    -                        302 200
mfa_download_recovery_codes             GET    -                        302 404
"""

# Things of the shared library, which every centre may read, and kinds that every centre has.
SHARED = {"edition", "guide", "sheet"}
