"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import type { FormEvent } from "react"
import { latestOf } from "@/components/data/latest"
import { addMember, changeMember, type MemberDraft, membersQuery, removeMember } from "@/components/data/settings"
import { useScope } from "@/components/frame/project"
import { membersSentence } from "@/components/settings/sentences"
import { ConfirmButton } from "@/components/ui/confirm-button"
import { Field, FormError, Select } from "@/components/ui/field"
import { When } from "@/components/ui/figures"
import { Panel } from "@/components/ui/panel"
import { ScrollBox } from "@/components/ui/scroll-box"
import type { Member } from "@/lib/contracts/access"
import { ROLES, type Role } from "@/lib/vocabulary"

const MEANING: Record<Role, string> = {
  viewer: "sees everything",
  operator: "sees everything, replays and releases",
  finance: "sees spend and aggregates, no payloads",
  admin: "everything, in every project",
}

/** Who may see and do what in this project. */
export function MembersView() {
  const { slug, viewer } = useScope()
  const client = useQueryClient()
  const members = useQuery(membersQuery(slug))
  const refresh = () => client.invalidateQueries({ queryKey: membersQuery(slug).queryKey })
  const add = useMutation({ mutationFn: (draft: MemberDraft) => addMember(slug, draft), onSettled: refresh })
  const change = useMutation({
    mutationFn: ({ id, ...to }: { id: string; role?: Role; is_disabled?: boolean }) => changeMember(slug, id, to),
    onSettled: refresh,
  })
  const remove = useMutation({ mutationFn: (id: string) => removeMember(slug, id), onSettled: refresh })
  const { error } = latestOf(add, change, remove)
  return (
    <>
      <h1 className="text-title">{members.data ? membersSentence(members.data.items) : "Members"}</h1>
      <FormError text={error?.message ?? null} />
      <AddMember add={(draft) => add.mutate(draft)} isPending={add.isPending} />
      <Panel title="Members" query={members} minHeight={200}>
        {(data) => (
          <ScrollBox label="List of members">
            <table className="table table-cards">
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">E-mail</th>
                  <th scope="col">Role</th>
                  <th scope="col">State</th>
                  <th scope="col" className="num">
                    Sessions
                  </th>
                  <th scope="col">Since</th>
                  <th scope="col">
                    <span className="sr-only">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {data.items.map((member) => (
                  <MemberRow
                    key={member.id}
                    member={member}
                    isSelf={member.email === viewer.email}
                    change={(to) => change.mutate({ id: member.id, ...to })}
                    remove={() => remove.mutate(member.id)}
                  />
                ))}
              </tbody>
            </table>
          </ScrollBox>
        )}
      </Panel>
    </>
  )
}

type MemberRowProps = {
  member: Member
  isSelf: boolean
  change: (to: { role?: Role; is_disabled?: boolean }) => void
  remove: () => void
}

function MemberRow({ member, isSelf, change, remove }: MemberRowProps) {
  return (
    <tr>
      <td data-label="Name" className="max-w-48 truncate" title={member.name}>
        {member.name}
        {isSelf ? <span className="text-ink-10"> (you)</span> : null}
      </td>
      <td data-label="E-mail" className="max-w-64 truncate" title={member.email}>
        {member.email}
      </td>
      <td data-label="Role">
        <select
          className="field"
          aria-label={`Role of ${member.name}`}
          value={member.role}
          onChange={(event) => {
            const role = ROLES.find((one) => one === event.target.value)
            if (role) change({ role })
          }}
        >
          {ROLES.map((role) => (
            <option key={role} value={role} title={MEANING[role]}>
              {role}
            </option>
          ))}
        </select>
      </td>
      <td data-label="State">{member.is_disabled ? "disabled" : "active"}</td>
      <td data-label="Sessions" className="num">
        {member.sessions}
      </td>
      <td data-label="Since" className="text-ink-11">
        <When at={member.created_at} />
      </td>
      <td data-acts className="text-right whitespace-nowrap">
        {member.is_disabled ? (
          <button type="button" className="button button-quiet" onClick={() => change({ is_disabled: false })}>
            Enable
          </button>
        ) : (
          <ConfirmButton
            word="Disable"
            question={`Disable ${member.name}? All sessions end at once.`}
            act={() => change({ is_disabled: true })}
          />
        )}
        <ConfirmButton word="Remove" question={`Take ${member.name} out of this project?`} act={remove} isDangerous />
      </td>
    </tr>
  )
}

function AddMember({ add, isPending }: { add: (draft: MemberDraft) => void; isPending: boolean }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const password = String(form.get("password"))
    const role = ROLES.find((one) => one === form.get("role")) ?? "viewer"
    add({
      email: String(form.get("email")),
      name: String(form.get("name")),
      role,
      ...(password === "" ? {} : { password }),
    })
  }
  return (
    <details className="panel">
      <summary className="cursor-pointer min-h-11 px-4 py-3 font-strong">Add a member</summary>
      <form method="dialog" onSubmit={submit} className="flex max-w-[560px] flex-col gap-4 p-4 pt-0">
        <Field label="Name" name="name" autoComplete="off" />
        <Field label="E-mail" name="email" type="email" autoComplete="off" />
        <Select
          label="Role"
          name="role"
          value="viewer"
          options={ROLES.map((role) => [role, `${role}: ${MEANING[role]}`] as const)}
        />
        <Field
          label="First password"
          name="password"
          type="password"
          autoComplete="new-password"
          isRequired={false}
          hint="For somebody without an account, at least 12 characters. Hand it over; it can be changed under Your account."
        />
        <div>
          <button type="submit" className="button button-primary" disabled={isPending}>
            Add
          </button>
        </div>
      </form>
    </details>
  )
}
