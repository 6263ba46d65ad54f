import type { ReactNode } from 'react'
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from 'react-aria-components/Tabs'

/** Pages side by side: only the chosen one is mounted. */
export function Tabs<K extends string>({
  label,
  value,
  onChange,
  tabs,
}: {
  label: string
  value: K
  onChange: (value: K) => void
  tabs: { id: K; name: ReactNode; content: ReactNode }[]
}) {
  return (
    <AriaTabs selectedKey={value} onSelectionChange={(key) => onChange(key as K)} className="flex flex-col gap-5">
      <TabList aria-label={label} className="flex gap-1 overflow-x-auto border-b border-line">
        {tabs.map((tab) => (
          <Tab
            key={tab.id}
            id={tab.id}
            className="-mb-px cursor-default border-b-2 border-transparent px-3 py-2 text-base whitespace-nowrap text-ink-2 -outline-offset-2! hover:text-ink selected:border-agave selected:font-medium selected:text-ink"
          >
            {tab.name}
          </Tab>
        ))}
      </TabList>
      {tabs.map((tab) => (
        <TabPanel key={tab.id} id={tab.id} className="outline-offset-4">
          {tab.content}
        </TabPanel>
      ))}
    </AriaTabs>
  )
}
