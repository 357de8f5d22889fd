void kab_placeholder(void);
